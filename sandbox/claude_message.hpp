// What a model of the sandbox says, in the form of the Messages API.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "sandbox/message.hpp"

namespace hearth::sandbox {

struct Prompt {
    std::string model;
    std::string text;  // The last message's.
    bool stream = false;
};

// The text of a message's content, in either of its forms.
std::string text_of(const boost::json::value& content);
// The answer, whole or as server-sent events. `prefix` begins its identifier: "msg_".
Response claude_answer(const Prompt& prompt, std::string_view prefix);

}  // namespace hearth::sandbox
