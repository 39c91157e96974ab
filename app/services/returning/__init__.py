"""Returns: announce, receive, inspect, put away; promise, refund, deny; and find whose parcel it is."""
