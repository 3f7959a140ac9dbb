#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hearth::sources {

// A command line as AWS's programs split one, which is as a shell would if there were nothing in it
// but words: blanks part them; within ' everything stands for itself; within " a backslash does,
// unless " or another one follows; elsewhere it takes the next character as it is. Absent where a
// quote is open at the end, a lone backslash stands there, or there is no word at all.
std::optional<std::vector<std::string>> words_of(std::string_view line);

}  // namespace hearth::sources
