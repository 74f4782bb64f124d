"""Our own references in float64, one file each: formula, paper and accepted dialects."""
