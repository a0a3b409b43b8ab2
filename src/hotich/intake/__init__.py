"""The one door into the records: cases keyed, imported or converted, checked, corrected, approved by a second person."""
