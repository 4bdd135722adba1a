"""Sites as admins set them."""
