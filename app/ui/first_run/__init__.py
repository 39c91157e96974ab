"""The first minute: who the brand is, its first orders, and until when parcels leave."""
