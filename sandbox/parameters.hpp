#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hearth::sandbox {

// The parameters of a query or a form. RFC 6749 section 3.1: an empty value counts as left out.
class Parameters {
  public:
    // Nothing when the text is not form-encoded.
    static std::optional<Parameters> parse(std::string_view encoded);

    // Empty when the parameter was not sent.
    [[nodiscard]] std::string one(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    [[nodiscard]] bool empty() const noexcept { return pairs_.empty(); }
    // A parameter that came twice and must not; RFC 8707 lets `resource` come often.
    [[nodiscard]] std::optional<std::string> doubled() const;
    void add(std::string name, std::string value);

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

// The other way round, for the query of a redirect.
std::string to_query(const std::vector<std::pair<std::string, std::string>>& pairs);

// RFC 6749 section 3.3: words separated by spaces, each once.
std::vector<std::string> words_of(std::string_view text);
std::string joined(const std::vector<std::string>& words);
bool holds(const std::vector<std::string>& words, std::string_view word);

}  // namespace hearth::sandbox
