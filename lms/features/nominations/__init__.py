"""States nominate officers, rank, replace and withdraw them."""
