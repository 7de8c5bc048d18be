Task("instantiate")
    .Description("L1: every combination of options and every hostile name, from the packed package.")
    .Does(() => RunSuite("L1"));
