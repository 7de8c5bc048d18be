Task("run")
    .Description("L3: the commands of every generated README, as they stand.")
    .Does(() => RunSuite("L3"));
