"""People come in: by a link, by a printed code, or by asking their State to vouch for them."""
