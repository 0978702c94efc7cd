"""The parts of build_gazetteer.py: what is read, which names are taken, how it is packed."""
