"""What all screens share: layout, form parts, template tags, texts of codes, styles and scripts. No domain words."""
