"""What is said: documents of blocks, their rendering, personalisation, and the bytes that are sent.

document --render--> HTML and text with tags --template--> parts --compile--> bytes for each recipient
"""
