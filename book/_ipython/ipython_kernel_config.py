"""Settings of the kernels that execute the chapters for the site."""

c = get_config()  # noqa: F821  (IPython provides it)
c.IPKernelApp.log_level = "ERROR"
# Vector graphics for the pages; pixels as well for the notebooks, because Jupyter shows no vector
# graphics in a notebook that came from elsewhere.
c.InlineBackend.figure_formats = {"svg", "png"}
# The same figure gives the same file, byte by byte.
c.InlineBackend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": {"Date": None}}
