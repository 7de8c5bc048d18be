Console.WriteLine("evaluation harness");
