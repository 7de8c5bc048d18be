Task("sabotage")
    .Description("L4: breaks generated repositories in every listed way and expects the named check to notice; removes each deletable part.")
    .Does(() => RunSuite("L4"));
