"""Our own flat portraits of the default model's cast, drawn from ellipses, curves and polygons only."""
