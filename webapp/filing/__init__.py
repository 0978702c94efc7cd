"""How articles come by their tags: named by the reader, suggested, answered, learned from."""
