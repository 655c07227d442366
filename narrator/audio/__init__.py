"""Pure functions on mono float32."""
