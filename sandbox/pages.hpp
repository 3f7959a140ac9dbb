// What a person sees. Every text that comes from outside is escaped here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hearth::sandbox {

struct ConsentPage {
    std::string ticket;
    std::string client_name;
    std::string client_id;
    std::string username;
    std::vector<std::string> scopes;
    std::vector<std::string> resources;
    std::string user_code;  // Not empty: a device asks, and the person compares the code.
};
std::string consent_page(const ConsentPage& consent);
// Where a person types the code that a device shows; `complaint` says what was wrong with the last
// one.
std::string code_entry_page(std::string_view user_code, std::string_view complaint);
// The code to copy, for a program on another machine.
std::string paste_page(std::string_view code);
std::string message_page(std::string_view title, std::string_view text);
std::string home_page(std::string_view origin);

}  // namespace hearth::sandbox
