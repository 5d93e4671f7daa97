return evaluate(new File(golden))
