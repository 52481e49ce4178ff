// CommitmentPlanner
