#!/bin/sh
# Push the files in folder $1 to branch `notebooks` of remote $2: one commit, without a history,
# because the branch holds nothing that main does not make again.
set -eu
folder=$1
remote=$2

source=$(git rev-parse HEAD)
GIT_INDEX_FILE=$(mktemp -u)
export GIT_INDEX_FILE
trap 'rm -f "$GIT_INDEX_FILE"' EXIT
git --work-tree="$folder" add --all --force .
tree=$(git write-tree)
export GIT_AUTHOR_NAME=github-actions GIT_COMMITTER_NAME=github-actions
export GIT_AUTHOR_EMAIL=github-actions@users.noreply.github.com
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
commit=$(git commit-tree -m "Notebooks of $source" "$tree")
git push --quiet --force "$remote" "$commit:refs/heads/notebooks"
echo "Pushed: $folder to branch notebooks of $remote"
