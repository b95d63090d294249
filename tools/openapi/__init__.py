"""The JSON API's contract: made of gateway/openapi/, looked over, shown, and held against answers.

  __main__    lints it, for ./test
  embed       puts it into C++, for CMake
  document    joins the source files to one OpenAPI document
  problems    turns the error codes a route names into its responses
  lint        rules that a document keeps
  sources     that it says what the C++ sources say
  schemas     validates values
  answers     is this answer described?
  page        the document as a web page; schema_rows, text: its parts
"""
