"""One article and what a reader does with it: read, compare, correct, highlight, make again, find told elsewhere."""
