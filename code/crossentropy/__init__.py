"""The losses that the book *Tutorial 15: Cross-Entropy* derives, in NumPy."""
