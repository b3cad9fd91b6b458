"""What peers have in common, told so that it says nothing about one of them: pure rules, no Django. See decision 0040."""
