"""`thesis doctor`: a look at the machine and the inputs before an hour is lost.

One file a topic: what is measured (`look`), and apart from it what is said of it (`judge`).
"""
