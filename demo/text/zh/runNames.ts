// What runs are called, in 中文.

import type { RunNamesWords } from '../en/runNames.js';

export const runNames: RunNamesWords = {
  runNames: {
    name: (kind, animal) => `${kind}${animal}`,
    kinds:
      '活泼的 安静的 大胆的 好奇的 温柔的 飞快的 耐心的 快乐的 聪明的 犯困的 勇敢的 狂野的 沉着的 明亮的 灵巧的 骄傲的 害羞的 阳光的 稳重的 狡猾的 善良的 机敏的 早起的',
    animals:
      '水獭 苍鹭 狐狸 猞猁 猫头鹰 獾 野兔 鹪鹩 海豹 白鹤 熊猫 考拉 牦牛 老虎 骆驼 喜鹊 天鹅 乌龟 壁虎 野牛 鲸鱼 知更鸟 小鹿 麻雀 螃蟹',
  },
};
