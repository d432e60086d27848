# A repeatability file in which nothing varies between scans.
s/("(physiological|total)" : )[0-9.e-]+/\10/
