"""What is drawn of a result: the map, the timeline, countries × topics, where a place is."""
