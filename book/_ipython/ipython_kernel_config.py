"""Settings of the kernels that execute the chapters for the site: figures as vector graphics."""

c = get_config()  # noqa: F821  (IPython provides it)
c.IPKernelApp.log_level = "ERROR"
c.InlineBackend.figure_formats = {"svg"}
# The same figure gives the same file, byte by byte.
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
