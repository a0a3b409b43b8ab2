"""Pure parts of the screens: shapes for navigation and tables, numbers and dates as text, charts as SVG."""
