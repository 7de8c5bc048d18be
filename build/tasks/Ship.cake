Task("ship")
    .Description("L5: the same bytes twice; images where a container engine answers.")
    .Does(() => RunSuite("L5"));
