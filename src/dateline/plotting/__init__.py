"""Results of the analysis as pictures for papers, with their doubt in sight: matplotlib, the extra `plot`.

Each function takes a record of `dateline.analysis` and gives a Figure, which a notebook shows as it is; `save.write_figure` makes a
file of it, the same bytes for the same result. Nothing here uses pyplot or a display.
"""
