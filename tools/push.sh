#!/bin/sh
# Push files as one commit to a branch of remote $2 that is theirs alone, over whatever stands there. $1 names both:
#   notebooks   the site's notebooks, which Colab opens: without a history, because main makes them again
#   lock        the locked requirements, if they have changed: on top of the present commit, for a pull request
set -eu
branch=$1
remote=$2
lock="requirements.txt .binder/requirements.txt"

head=$(git rev-parse HEAD)
GIT_INDEX_FILE=$(mktemp -u)
export GIT_INDEX_FILE
trap 'rm -f "$GIT_INDEX_FILE"' EXIT
case $branch in
notebooks)
    git --work-tree=_build/html/notebooks add --all --force .
    set -- -m "Notebooks of $head"
    ;;
lock)
    git read-tree HEAD
    git add $lock
    if git diff --cached --quiet HEAD; then
        echo "The lock has not changed."
        exit 0
    fi
    set -- -p "$head" -m "Lock newer versions"
    ;;
esac

export GIT_AUTHOR_NAME=github-actions GIT_AUTHOR_EMAIL=github-actions@users.noreply.github.com
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
commit=$(git commit-tree "$@" "$(git write-tree)")
if [ -n "${GITHUB_TOKEN:-}" ]; then # a workflow's checkout keeps no credentials; git asks for them here
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=credential.helper
    export GIT_CONFIG_VALUE_0='!echo username=x-access-token; echo "password=$GITHUB_TOKEN"; :'
fi
git push --quiet --force "$remote" "$commit:refs/heads/$branch"
echo "Pushed to branch $branch of $remote"
