"""What conversations and orders teach: segments, recommendations, event feed."""
