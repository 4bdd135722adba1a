"""What every platform package stands on: settings, errors, identifiers, time, money, logging."""
