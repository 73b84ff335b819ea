"""Records of people, as focal points, coordinators and administrators see and keep them."""
