"""The parts of build_map.py."""
