x ${~ 1 ~} 

 y $${not} %%{not} $ % {} "q" \n