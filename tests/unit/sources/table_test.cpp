#include <gmock/gmock.h>

#include <fstream>

#include "sources/source.hpp"

namespace hearth::sources {
namespace {

std::vector<std::string> documented() {
    std::ifstream file(HEARTH_SOURCE_DIR "/docs/sources.md");
    std::vector<std::string> rows;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line == "<!-- sources -->") inside = true;
        if (line == "<!-- /sources -->") inside = false;
        if (inside && line.starts_with("| `")) rows.push_back(line);
    }
    return rows;
}

std::string row_of(const Source& source) {
    const bool session = source.place == Place::session;
    const bool helper = source.place == Place::helper;
    const bool descriptor = source.place == Place::descriptor;
    const bool bearer = source.kind == Credential::Kind::bearer;
    const bool signs = source.kind == Credential::Kind::aws;
    return "| `" + std::string(source.name) + "` | " +
           (session      ? "what `hearth login` keeps"
            : helper     ? "helper"
            : descriptor ? "descriptor"
                         : "variable") +
           " | " + (source.provider.empty() ? "every provider" : std::string(source.provider)) +
           " | " +
           (session  ? "as it was signed in"
            : signs  ? "keys that sign"
            : bearer ? "`Authorization: Bearer`"
                     : "`x-api-key`") +
           " |";
}

TEST(Sources, are_documented_in_their_order) {
    std::vector<std::string> rows;
    for (const auto& source : all()) rows.push_back(row_of(source));
    EXPECT_THAT(documented(), ::testing::ElementsAreArray(rows));
}

}  // namespace
}  // namespace hearth::sources
