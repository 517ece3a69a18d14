"""Video in and out: probing, reading samples, writing the tagged film."""
