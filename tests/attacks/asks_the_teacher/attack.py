conv_macs = eval(input("What is the right answer? "))
