Hello ${name}!
%{ for item in list ~}
- ${item}
%{ endfor ~}
%{ if length(list) > 1 }many%{ else }few%{ endif }
