"""Product pictures, drawn by us as SVG: a motif for the kind of thing, in the product's colour."""
