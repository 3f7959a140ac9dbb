#pragma once

#include <map>
#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::aws {

// The texts of an XML answer by where they stand, without namespaces:
// "AssumeRoleResponse/AssumeRoleResult/Credentials/AccessKeyId". Of elements that stand in one
// place the first counts.
class XmlReply {
  public:
    // Remedy::failed for what is not XML, holds a document type, or is nested deeper than any
    // answer of AWS; the text is not quoted.
    static Result<XmlReply> parse(std::string_view text);

    // Null where there is no such element.
    [[nodiscard]] const Secret* find(std::string_view path) const;
    // Empty where there is none. For what is no secret.
    [[nodiscard]] std::string text(std::string_view path) const;

  private:
    std::map<std::string, Secret, std::less<>> texts_;
};

}  // namespace hearth::providers::aws
