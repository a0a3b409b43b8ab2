"""hotich: open software for Vietnam's electronic civil status system (hộ tịch điện tử)."""
