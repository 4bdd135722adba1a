"""What every request passes through: identifiers, limits, headers, origins."""
