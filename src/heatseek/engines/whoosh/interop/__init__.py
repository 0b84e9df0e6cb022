"""An index of heatseek as Whoosh reads it; only loaded for `heatseek.whoosh`."""
