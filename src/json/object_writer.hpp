#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hearth/secret.hpp"

namespace hearth::json {

// Writes one JSON object, member by member, into memory that is locked and wiped. Names are not
// checked for doubles.
class ObjectWriter {
  public:
    ObjectWriter& text(std::string_view name, std::string_view value);
    ObjectWriter& number(std::string_view name, std::int64_t value);
    ObjectWriter& null(std::string_view name);
    ObjectWriter& texts(std::string_view name, const std::vector<std::string>& values);
    // A member that another writer has written.
    ObjectWriter& object(std::string_view name, const Secret& written);
    // Closes the object and hands it over.
    [[nodiscard]] Secret take();

  private:
    void begin(std::string_view name);
    void quote(std::string_view text);

    SecretBuilder text_;
};

}  // namespace hearth::json
