"""From what a server answered to what a browser makes of it, in words and as data."""
