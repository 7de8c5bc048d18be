global using System.Globalization;
global using System.Text.Json;
global using PortfolioProject.Evaluation;
global using PortfolioProject.Evidence;
global using PortfolioProject.Metrics;
global using PortfolioProject.Retrieval;
