"""What is checked on a Dataset before it is written.

`skos` holds rules over the whole graph, which no shape can say at a fair price;
`shacl` runs the packaged shapes; `evidence` compares claims, quotes and pages.
Each yields findings and changes nothing.
"""
