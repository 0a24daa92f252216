"""Two coders of one time and place beside each other: which events both have, which one has and the other lacks, and how far what
both have agrees. Pure functions over what each made of an event; neither is taken to be right."""
