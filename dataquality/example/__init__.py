"""The templates of the example council, made with the product's own operations."""
